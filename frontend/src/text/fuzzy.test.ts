import { expect, test } from "vitest";
import { match, ranked } from "./fuzzy";

const best = (query: string, names: string[]) => ranked(query, names, (name) => name);

test("a beginning beats letters found on the way", () => {
  expect(best("ga", ["omega", "garden", "area"])).toEqual(["garden", "omega"]);
});

test("initials of words find the room", () => {
  expect(best("rp", ["carpool", "release-planning"])[0]).toBe("release-planning");
});

test("case and accents do not matter, in any alphabet", () => {
  expect(match("cafe", "Café")).not.toBeNull();
  expect(match("САД", "садовники")).not.toBeNull();
});

test("letters out of order do not match", () => {
  expect(match("ba", "ab")).toBeNull();
});

test("an empty query keeps everything in its order", () => {
  expect(best("", ["long", "b", "aa"])).toEqual(["long", "b", "aa"]);
});
