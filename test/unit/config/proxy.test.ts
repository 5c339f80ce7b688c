import { describe, expect, it } from "vitest";
import { readConfig } from "../../../src/config/readConfig.js";

const proxy = "http://us:secret@proxy.example.com:3128";

describe("the proxy of the configuration", () => {
  it("is none where nothing names one", () => {
    expect(readConfig({ NO_PROXY: "example.com" }).proxy).toBeNull();
  });

  it.each(["HTTPS_PROXY", "HTTP_PROXY", "https_proxy"])(
    "is what %s names, past this machine and what NO_PROXY names",
    (name) => {
      const read = readConfig({ [name]: proxy, no_proxy: "wiki.example.com, .internal" }).proxy;
      expect(read?.url.reveal()).toBe(proxy);
      expect(read?.exceptions).toEqual(["localhost", "127.0.0.1", "::1", "wiki.example.com", ".internal"]);
    },
  );

  it("is refused where it is no address, without its value", () => {
    expect(() => readConfig({ HTTPS_PROXY: "socks5://us:secret@proxy" })).toThrowError(
      /HTTPS_PROXY.*must be an http or https address/,
    );
    expect(() => readConfig({ HTTPS_PROXY: "socks5://us:secret@proxy" })).not.toThrowError(/secret@/);
  });

  it("is refused with a file of certificates that is not there", () => {
    expect(() => readConfig({ HTTPS_PROXY: proxy, PROXY_CA_FILE: "/nowhere/ca.pem" })).toThrowError(/PROXY_CA_FILE/);
  });
});
