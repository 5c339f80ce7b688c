import { describe, expect, it } from "vitest";
import { operationNames } from "../../../../src/confluence/datacenter/names.js";

/** Ours, REST's, JSON-RPC's. */
const fourteen = [
  ["read/space", "read/space", "VIEWSPACE"],
  ["create/page", "create/page", "EDITSPACE"],
  ["delete/page", "delete/page", "REMOVEPAGE"],
  ["create/blogpost", "create/blogpost", "EDITBLOG"],
  ["delete/blogpost", "delete/blogpost", "REMOVEBLOG"],
  ["create/comment", "create/comment", "COMMENT"],
  ["delete/comment", "delete/comment", "REMOVECOMMENT"],
  ["create/attachment", "create/attachment", "CREATEATTACHMENT"],
  ["delete/attachment", "delete/attachment", "REMOVEATTACHMENT"],
  ["delete/space", "delete_own/space", "REMOVEOWNCONTENT"],
  ["delete_mail/space", "delete_mail/space", "REMOVEMAIL"],
  ["export/space", "export/space", "EXPORTSPACE"],
  ["restrict_content/space", "restrict/space", "SETPAGEPERMISSIONS"],
  ["administer/space", "administer/space", "SETSPACEPERMISSIONS"],
] as const;

const operation = (pair: string) => {
  const [key = "", target = ""] = pair.split("/");
  return { key, target };
};
const rest = (pair: string) => {
  const { key, target } = operation(pair);
  return { operationKey: key, targetType: target };
};

describe("the names of permissions", () => {
  it.each(fourteen)("%s is %s by REST and %s by JSON-RPC, there and back", (ours, theirs, remote) => {
    expect(operationNames.fromRest(rest(theirs))).toEqual(operation(ours));
    expect(operationNames.fromRemote(remote)).toEqual(operation(ours));
    expect(operationNames.toRest(operation(ours))).toEqual(rest(theirs));
    expect(operationNames.toRemote(operation(ours))).toBe(remote);
  });

  it("are fourteen that can be granted", () => {
    expect(operationNames.all).toEqual(fourteen.map(([ours]) => operation(ours)));
  });

  it("are one for exporting pages, which all versions tell and nothing here grants", () => {
    expect(operationNames.fromRest(rest("export/page"))).toEqual(operation("export/page"));
    expect(operationNames.fromRemote("EXPORTPAGE")).toEqual(operation("export/page"));
    expect(operationNames.toRest(operation("export/page"))).toEqual(rest("export/page"));
    expect(operationNames.toRemote(operation("export/page"))).toBe("EXPORTPAGE");
  });

  it("that no table has are kept as REST has them", () => {
    expect(operationNames.fromRest(rest("archive/space"))).toEqual(operation("archive/space"));
    expect(operationNames.toRest(operation("archive/space"))).toEqual(rest("archive/space"));
  });

  it("that no table has are kept in lower case where JSON-RPC tells them, and go back as they came", () => {
    expect(operationNames.fromRemote("ARCHIVESPACE")).toEqual(operation("archivespace/space"));
    expect(operationNames.toRemote(operation("archivespace/space"))).toBe("ARCHIVESPACE");
  });

  it.each(["READ", "ADMINISTER", "DELETE", "RESTRICT_CONTENT"])(
    "%s of JSON-RPC is none of ours and does not become one",
    (name) => {
      const strange = operationNames.fromRemote(name);
      expect(operationNames.all).not.toContainEqual(strange);
      expect(operationNames.toRemote(strange)).toBe(name);
    },
  );

  it.each(["delete/space", "restrict_content/space"])("%s of REST is not what Cloud calls so", (pair) => {
    const strange = operationNames.fromRest(rest(pair));
    expect(operationNames.all).not.toContainEqual(strange);
    expect(operationNames.toRest(strange)).toEqual(rest(pair));
  });
});
