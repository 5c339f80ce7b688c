/**
 * Apollo Server as its guide starts it, over a federated schema as type-graphql's guide builds it, with the defaults of both.
 * The decorators are called by hand, since this is plain JavaScript.
 */
import "reflect-metadata";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { printSchemaWithDirectives } from "@graphql-tools/utils";
import { parse } from "graphql";
import {
  Arg,
  buildSchema,
  createResolversMap,
  createUnionType,
  Directive,
  Field,
  ID,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from "type-graphql";
import { readAnswers } from "./plainSchema.mjs";

const answers = readAnswers();
const { spaces, accountsById } = answers;

function objectType(name, fields, ...directives) {
  const type = { [name]: class {} }[name];
  for (const [field, [typeOf, options]] of Object.entries(fields)) {
    Reflect.defineMetadata("design:type", Object, type.prototype, field);
    Field(typeOf, options)(type.prototype, field);
  }
  ObjectType(name)(type);
  for (const directive of directives) Directive(directive)(type);
  return type;
}
const id = [() => ID];
const text = [() => String, { nullable: true }];

const Account = objectType("Account", { id, accountId: id, displayName: text, kind: text }, '@key(fields: "id")');
const Group = objectType("Group", { groupId: id, name: text });
const AccessClass = objectType("AccessClass", { name: text });
const Space = objectType("Space", { spaceId: id, key: text, name: text });
const Site = objectType("Site", { siteId: id });
const Principal = createUnionType({ name: "Principal", types: () => [Account, Group, AccessClass] });
const Resource = createUnionType({ name: "Resource", types: () => [Space, Group, Site] });
const Permission = objectType("Permission", { operation: text, target: text });
const Grant = objectType("Grant", {
  id,
  principal: [() => Principal],
  permissions: [() => [Permission], { nullable: true }],
  resource: [() => Resource],
});
const connection = (name, type) => objectType(name, { nodes: [() => [type]] });
const GrantConnection = connection("GrantConnection", Grant);
const SpaceConnection = connection("SpaceConnection", Space);

// As type-graphql tells members of a union from one another where nothing else is said: by their classes.
const classes = { Account, Group, AccessClass, Space };
const instanceOf = (value) => Object.assign(new classes[value.__typename](), value);
const grants = answers.grants.map((grant) => ({
  ...grant,
  principal: instanceOf(grant.principal),
  resource: instanceOf(grant.resource),
}));

const Entitlements = { SPACE_PERMISSION: "SPACE_PERMISSION", SPACE_ROLE: "SPACE_ROLE" };
registerEnumType(Entitlements, { name: "EntitlementKind" });
class GrantFilter {}
Reflect.defineMetadata("design:type", Array, GrantFilter.prototype, "entitlements");
Field(() => [Entitlements], { nullable: true })(GrantFilter.prototype, "entitlements");
InputType("GrantFilter")(GrantFilter);

class Roots {
  grants(first, _filter) {
    return { nodes: grants.slice(0, first) };
  }
  spaces(first) {
    return { nodes: spaces.slice(0, first) };
  }
}
function root(name, type, ...args) {
  Reflect.defineMetadata(
    "design:paramtypes",
    args.map(() => Object),
    Roots.prototype,
    name,
  );
  for (const [at, [argument, typeOf, options]] of args.entries())
    Arg(argument, typeOf, options)(Roots.prototype, name, at);
  Query(() => type)(Roots.prototype, name);
}
const first = ["first", () => Int];
root("grants", GrantConnection, first, ["filter", () => GrantFilter, { nullable: true }]);
root("spaces", SpaceConnection, first);
Resolver()(Roots);

const built = await buildSchema({ resolvers: [Roots], orphanedTypes: [Account] });
const schema = buildSubgraphSchema({
  typeDefs: parse(
    `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])\n${printSchemaWithDirectives(built)}`,
  ),
  resolvers: {
    ...createResolversMap(built),
    Account: {
      ...createResolversMap(built).Account,
      __resolveReference: (reference) => accountsById.get(reference.id),
    },
  },
});
const { url } = await startStandaloneServer(new ApolloServer({ schema }), { listen: { port: 0, host: "127.0.0.1" } });
process.stdout.write(`READY ${url.replace(/\/$/, "")}\n`);
