import { expect, it } from "vitest";
import { ask, type Scene, told } from "./scene.js";

interface Row {
  readonly name: string;
  readonly scene: Scene;
  /** `read/space` unless told. */
  readonly what?: string;
  /** As `told` tells it. */
  readonly expected: string;
  /** What is missing, of each gap; none unless told. */
  readonly gaps?: readonly string[];
  readonly assumptions?: readonly string[];
}

/** One test a row. */
export function table(rows: readonly Row[], common: Scene = {}): void {
  for (const { name, scene, what, expected, gaps = [], assumptions = [] } of rows) {
    it(name, () => {
      const decision = ask({ ...common, ...scene }, what);
      expect(told(decision)).toBe(expected);
      expect(decision.gaps.map(({ missing }) => missing)).toEqual(gaps);
      expect(decision.assumptions).toEqual(assumptions);
    });
  }
}
