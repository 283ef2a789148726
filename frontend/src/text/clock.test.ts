import { expect, test } from "vitest";
import { clock } from "./clock";

const now = new Date(2026, 4, 20, 0, 30);
const local = (month: number, day: number, hour: number) => new Date(2026, month, day, hour).toISOString();

test("an hour ago can be yesterday", () => {
  expect(clock("en").day(local(4, 19, 23), now)).toBe("Yesterday");
  expect(clock("en").day(local(4, 20, 0), now)).toBe("Today");
});

test("days are named in the reader's language", () => {
  expect(clock("uk").day(local(4, 20, 0), now)).toBe("Сьогодні");
  expect(clock("ru").day(local(4, 11, 12), now)).toContain("11 мая");
});

test("another year is told", () => {
  expect(clock("en").day(new Date(2024, 0, 5, 12).toISOString(), now)).toContain("2024");
});

test("the short form has the time only of today, and the year only of others", () => {
  expect(clock("en-GB").short(local(4, 20, 0), now)).toBe("00:00");
  expect(clock("en-GB").short(local(4, 19, 23), now)).toBe("19 May");
  expect(clock("en-GB").short(new Date(2024, 0, 5, 12).toISOString(), now)).toBe("5 Jan 2024");
});
