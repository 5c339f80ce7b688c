import { describe, expect, it } from "vitest";
import { startStack } from "../support/startStack.js";
import { cloudWorld } from "../support/worlds.js";

const groups = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `g-${index + 1}`, name: `Group ${index + 1}`, members: [] }));

describe("a group that is not in the list of groups", () => {
  it("is absent while the list is new, and asked for by its id when it may be younger than the list", async () => {
    await using stack = await startStack({ world: cloudWorld({ groups: groups(2) }) });
    await stack.query("{ groups { totalCount } }");
    const { email, apiToken } = stack.sandbox.credential;
    const created = await fetch(`${stack.sandbox.url}/wiki/rest/api/group`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`${email}:${apiToken}`).toString("base64")}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ name: "Newcomers" }),
    });
    const { id } = (await created.json()) as { id: string };
    const document = "query ($id: ID!) { group(groupId: $id) { name } }";

    await stack.forgetCalls();
    expect((await stack.query(document, { id: "g-9" })).data).toEqual({ group: null });
    expect(stack.calls()).toEqual([]);

    stack.clock.shift(20_000);
    expect((await stack.query(document, { id })).data).toEqual({ group: { name: "Newcomers" } });
  });

  it("is asked for by its id where the list broke off", async () => {
    await using stack = await startStack({ world: cloudWorld({ groups: groups(201) }) });
    await stack.fail({ match: "GET /wiki/rest/api/group?start=200", times: "always", status: 403 });
    // The list is in order of names: which groups its second page would hold does not matter here.
    const { data, errors } = await stack.query(
      `{ ${groups(201)
        .map(({ id }) => `${id.replace("-", "")}: group(groupId: "${id}") { name }`)
        .join(" ")} }`,
    );
    expect(errors).toBeUndefined();
    expect(Object.values(data).filter((group) => group === null)).toEqual([]);
  });
});
