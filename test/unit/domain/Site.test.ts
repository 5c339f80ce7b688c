import { describe, expect, it } from "vitest";
import { linkOnSite } from "../../../src/domain/Site.js";

describe("a link that a site tells by its path", () => {
  it.each([
    ["/confluence/images/a.svg", "https://wiki.example.com/confluence/images/a.svg"],
    ["/wiki/aa-avatar/5b%3A1?size=48", "https://wiki.example.com/wiki/aa-avatar/5b%3A1?size=48"],
    ["https://wiki.example.com/x", "https://wiki.example.com/x"],
  ])("%s is on the site's own host", (path, link) => {
    expect(linkOnSite("https://wiki.example.com/confluence", path)).toBe(link);
  });

  it.each([
    null,
    "",
    "images/a.svg",
    "//evil.example/a.svg",
    "/\\evil.example/a.svg",
    "https://evil.example/a.svg",
    "http://wiki.example.com/a.svg",
    "https://wiki.example.com:8443/a.svg",
    "https://somebody@wiki.example.com/a.svg",
    "https://wiki.example.com.evil.example/",
    "javascript:alert(1)",
    "\tjavascript:alert(1)",
    "data:text/html,x",
    "http://[",
  ])("%j is no link of ours", (path) => {
    expect(linkOnSite("https://wiki.example.com/confluence", path)).toBeNull();
  });
});
