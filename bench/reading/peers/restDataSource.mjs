/** The same resolvers over Apollo's RESTDataSource, which makes one call of the same calls of a request. */
import { RESTDataSource } from "@apollo/datasource-rest";
import { serveResolvers } from "./schema.mjs";

const { BENCH_SITE: site, BENCH_AUTHORIZATION: authorization } = process.env;

class Confluence extends RESTDataSource {
  baseURL = site;

  willSendRequest(_path, request) {
    request.headers.authorization = authorization;
  }

  read(path) {
    return this.get(path);
  }
}

serveResolvers(() => {
  const source = new Confluence();
  return (path) => source.read(path);
});
