import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/config/Secret.js";
import { keysOfSecrets, keysOfText, Sealer } from "../../../src/fleet/Sealer.js";

const sealerOf = (...keys: string[]) => new Sealer(keysOfText(keys.map((key) => new Secret(key))));
const first = "the-first-word-of-at-least-32-characters";
const second = "the-second-word-of-at-least-32-characters";
const plain = Buffer.from("who may do what");

describe("what is sealed", () => {
  it("opens again under its own name, and looks different each time", () => {
    const sealer = sealerOf(first);
    const sealed = sealer.seal("a", plain);
    expect(sealer.open("a", sealed)).toEqual(plain);
    expect(sealerOf(first).open("a", sealed)).toEqual(plain);
    expect(sealer.seal("a", plain)).not.toEqual(sealed);
    expect(sealed.includes(plain)).toBe(false);
    expect(sealer.open("a", sealer.seal("a", Buffer.alloc(0)))).toEqual(Buffer.alloc(0));
  });

  it("does not open under another name, with another key, or when anything of it was changed", () => {
    const sealer = sealerOf(first);
    const sealed = sealer.seal("a", plain);
    expect(sealer.open("b", sealed)).toBeNull();
    expect(sealerOf(second).open("a", sealed)).toBeNull();
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect([at, sealer.open("a", changed)]).toEqual([at, null]);
      expect([at, sealer.open("a", sealed.subarray(0, at))]).toEqual([at, null]);
    }
    expect(sealer.open("a", Buffer.concat([sealed, Buffer.of(0)]))).toBeNull();
  });

  it("opens with both keys while one takes the place of the other, and is found under the same names", () => {
    const [before, both, after] = [sealerOf(first), sealerOf(second, first), sealerOf(second)];
    expect(both.open("a", before.seal("a", plain))).toEqual(plain);
    expect(both.open("a", both.seal("a", plain))).toEqual(plain);
    expect(before.open("a", both.seal("a", plain))).toBeNull();
    expect(after.open("a", both.seal("a", plain))).toEqual(plain);
    expect(both.key("acme", ["x"])).toBe(before.key("acme", ["x"]));
    expect(after.key("acme", ["x"])).not.toBe(both.key("acme", ["x"]));
  });

  it("is found under the same names and opened by those of before and after at every step, where names have a key of their own", () => {
    const naming = new Secret("the-naming-word-of-at-least-32-characters");
    const steps = [[first], [first, second], [second, first], [second]].map(
      (keys) =>
        new Sealer(
          keysOfText(
            keys.map((key) => new Secret(key)),
            naming,
          ),
        ),
    );
    for (const [at, later] of steps.entries()) {
      const earlier = steps[at - 1] ?? later;
      expect(later.key("acme", ["x"])).toBe(earlier.key("acme", ["x"]));
      expect(later.open("a", earlier.seal("a", plain))).toEqual(plain);
      expect(earlier.open("a", later.seal("a", plain))).toEqual(plain);
    }
    // Whoever has it opens nothing by it, and who had the names from a key keeps them by naming that.
    expect(new Sealer(keysOfText([naming])).open("a", sealerOf(first).seal("a", plain))).toBeNull();
    const kept = new Sealer(keysOfText([new Secret(second)], new Secret(first)));
    expect(kept.key("acme", ["x"])).toBe(sealerOf(first).key("acme", ["x"]));
  });
});

describe("names of keys", () => {
  it("are the same for who knows the key, and tell nothing", () => {
    const name = sealerOf(first).key("https://acme.example.com", ["account", "alice"]);
    expect(name).toBe(sealerOf(first).key("https://acme.example.com", ["account", "alice"]));
    expect(name).toMatch(/^cag:\{[\w-]{22}\}:[\w-]{22}$/);
    expect(name).not.toBe(sealerOf(second).key("https://acme.example.com", ["account", "alice"]));
  });

  it("keep scopes apart, and the parts of one from those of another", () => {
    const sealer = sealerOf(first);
    const tagOf = (name: string) => /\{.*\}/.exec(name)?.[0];
    expect(tagOf(sealer.key("acme", ["a"]))).toBe(tagOf(sealer.key("acme", ["b", "c"])));
    expect(tagOf(sealer.key("acme", ["a"]))).not.toBe(tagOf(sealer.key("other", ["a"])));
    const parts = [["a", "b"], ["ab"], ["a,b"], ['a","b'], ["b", "a"], ["a", "b", ""], []];
    const names = parts.flatMap((each) =>
      ["acme", "other"].map((scope) => sealer.key(scope, each).replace(/\{.*\}/, "")),
    );
    expect(new Set(names.filter((name) => name !== "cag:")).size).toBe((parts.length - 1) * 2);
  });
});

describe("a key made of other secrets", () => {
  it("is the same in whatever order they come, and another where one differs", async () => {
    const of = async (...words: string[]) => {
      const keys = await keysOfSecrets(words.map((word) => new Secret(word)));
      return new Sealer(keys).key("acme", ["x"]);
    };
    const [name, same, other] = await Promise.all([of("one", "two"), of("two", "one", "one"), of("onetwo")]);
    expect([same === name, other === name]).toEqual([true, false]);
  });
});
