import { expect, test } from "vitest";
import { en } from "./en";
import { ru } from "./ru";
import { translate, translateCount, translatePlural, preferredLocale } from "./translate";
import { uk } from "./uk";

test.each([
  [1, "1 участник"],
  [2, "2 участника"],
  [5, "5 участников"],
  [21, "21 участник"],
  [112, "112 участников"],
])("Russian counts %i as %s", (count, expected) => {
  expect(translatePlural("ru", "room.members", count)).toBe(expected);
});

test.each([
  [1, "1 учасник"],
  [3, "3 учасники"],
  [11, "11 учасників"],
])("Ukrainian counts %i as %s", (count, expected) => {
  expect(translatePlural("uk", "room.members", count)).toBe(expected);
});

test.each([
  ["en", 999, "999 unread messages"],
  ["en", 1_000, "more than 999 unread messages"],
  ["ru", 1_000, "больше 999 непрочитанных сообщений"],
  ["uk", 1_000, "понад 999 непрочитаних повідомлень"],
] as const)("where counting ends, %s says of %i: %s", (locale, count, expected) => {
  expect(translateCount(locale, "sidebar.unread", count, 1_000)).toBe(expected);
});

test("a name with braces in it is not a placeholder", () => {
  expect(translate("en", "service.invited", { author: "{subject}", subject: "Bob" })).toBe("{subject} added Bob");
});

test("every language fills the same placeholders", () => {
  const placeholders = (entry: unknown) => {
    const texts = typeof entry === "string" ? [entry] : Object.values(entry as object);
    return [...new Set(texts.join(" ").match(/\{\w+\}/g) ?? [])].sort();
  };

  for (const [key, entry] of Object.entries(en)) {
    expect(placeholders(ru[key as keyof typeof ru]), `ru ${key}`).toEqual(placeholders(entry));
    expect(placeholders(uk[key as keyof typeof uk]), `uk ${key}`).toEqual(placeholders(entry));
  }
});

test("the browser's first language that we speak is taken", () => {
  expect(preferredLocale(["de-DE", "uk-UA", "en"])).toBe("uk");
  expect(preferredLocale(["fr"])).toBe("en");
});
