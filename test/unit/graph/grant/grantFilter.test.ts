import { describe, expect, it } from "vitest";
import { exactNames } from "../../../../src/confluence/port.js";
import type { AccountId, GroupId, RoleId, SiteId, SpaceId } from "../../../../src/domain/ids.js";
import { compileGrantFilter } from "../../../../src/graph/grant/grantFilter.js";
import { encodeGlobalId, type GlobalId } from "../../../../src/graph/schema/GlobalId.js";

const [here, there] = ["here" as SiteId, "there" as SiteId];
/** The same native id on both sites, of which ours is asked. */
const both = (idOn: (siteId: SiteId) => GlobalId) => [there, here].map((siteId) => encodeGlobalId(idOn(siteId)));
const compiled = (filter: object) => compileGrantFilter({ siteId: here, names: exactNames }, filter);

describe("ids of another site in a filter of grants", () => {
  it("name nothing here, whatever has the same native id", () => {
    const spaces = both((siteId) => ({ type: "Space", siteId, spaceId: `1-${siteId}` as SpaceId }));
    const groups = both((siteId) => ({ type: "Group", siteId, groupId: `g-${siteId}` as GroupId }));
    const principals = both((siteId) => ({ type: "Account", siteId, accountId: `a-${siteId}` as AccountId }));
    const roles = both((siteId) => ({ type: "SpaceRole", siteId, roleId: `r-${siteId}` as RoleId }));
    const query = compiled({ spaces, groups, principals, roles });
    expect(query.spaceIds).toEqual(["1-here"]);
    expect(query.groupIds).toEqual(["g-here"]);
    expect(query.principals).toEqual([{ kind: "account", accountId: "a-here" }]);
    expect([...(query.roleIds ?? [])]).toEqual(["r-here"]);
  });

  it("leave nothing to ask for where they are alone, which is not the same as no filter", () => {
    const [elsewhere = ""] = both((siteId) => ({ type: "Space", siteId, spaceId: "1" as SpaceId }));
    expect(compiled({ spaces: [elsewhere] }).spaceIds).toEqual([]);
    expect(compiled({}).spaceIds).toBeNull();
  });
});
