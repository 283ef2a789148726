import { expect, test } from "vitest";
import { action, linked, namesMe } from "./linked";

function links(text: string): string[] {
  return linked(text).flatMap((segment) => (segment.type === "link" ? [segment.text] : []));
}

function mentions(text: string): string[] {
  return linked(text).flatMap((segment) => (segment.type === "mention" ? [segment.text] : []));
}

test("addresses become links, the sentence keeps its punctuation", () => {
  expect(links("See https://example.org/a?b=c, (http://x.org/y_(z)).")).toEqual([
    "https://example.org/a?b=c",
    "http://x.org/y_(z)",
  ]);
});

test("only http and https are ever linked", () => {
  expect(links("javascript:alert(1) data:text/html,x ftp://a.b")).toEqual([]);
});

test("nothing of the text is lost or changed", () => {
  const text = "  <b>@bob</b>\n\nhttps://a.org/#x) and @Алиса.";

  expect(
    linked(text)
      .map((segment) => segment.text)
      .join(""),
  ).toBe(text);
});

test("mentions may be in any alphabet, and an e-mail address is not one", () => {
  expect(mentions("@bob, @Олена-2. me@example.org")).toEqual(["@bob", "@Олена-2"]);
});

test("a mention names me without regard to case", () => {
  expect(namesMe("@Алиса", "алиса")).toBe(true);
  expect(namesMe("@alicia", "alice")).toBe(false);
});

test("/me is an action only with something to do", () => {
  expect(action("/me waves\ntwice")).toBe("waves\ntwice");
  expect(action("/me")).toBeNull();
  expect(action("/meet")).toBeNull();
});
