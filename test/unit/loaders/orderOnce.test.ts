import { expect, it } from "vitest";
import { compareCodePoints } from "../../../src/domain/textOrder.js";
import { orderOnce } from "../../../src/loaders/orderOnce.js";

it("orders without touching what it is given, and keeps the first of items that stand at one place", () => {
  const given = Object.freeze(["b", "a", "b", "", "a", "a", ""]);
  expect(orderOnce(given, compareCodePoints)).toEqual(["", "a", "b"]);
  expect(orderOnce([], compareCodePoints)).toEqual([]);
  const named = [
    { name: "x", from: "first list" },
    { name: "x", from: "second list" },
  ];
  expect(orderOnce(named, (left, right) => compareCodePoints(left.name, right.name))).toEqual([named[0]]);
});
