/** Stands in for vitest's `expect` in a browser: the few questions that the vectors' checks ask, by chai's deep equality. */
import { expect as chaiExpect } from "chai";

export function expect(found: unknown, message?: string): Record<string, (...wanted: never[]) => void> {
  const asked = (): Chai.Assertion => chaiExpect(found, message);
  return {
    toBe: (wanted: unknown) => asked().to.equal(wanted),
    toEqual: (wanted: unknown) => asked().to.deep.equal(wanted),
    toHaveLength: (wanted: number) => asked().to.have.length(wanted),
    toMatch: (wanted: RegExp) => asked().to.match(wanted),
    toHaveProperty: (wanted: string) => asked().to.have.property(wanted),
    toMatchObject: (wanted: object) => {
      for (const [name, value] of Object.entries(wanted)) {
        const member: unknown = (found as Record<string, unknown>)[name];
        if (typeof value === "object" && value !== null) expect(member, message)["toMatchObject"]?.(value as never);
        else chaiExpect(member, message).to.equal(value);
      }
    },
  };
}
