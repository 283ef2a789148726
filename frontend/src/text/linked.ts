/** Plain text cut into what is plain, what is a link and what names somebody. */
export type Segment = { type: "text" | "link" | "mention"; text: string };

const ADDRESS = /https?:\/\/[^\s<>"'`]+/giu;
const CLOSING = /[.,:;!?…»”"')\]}]+$/u;
const MENTION = /(?<![\p{L}\p{N}_.-])@[\p{L}][\p{L}\p{N}_.-]*/gu;

export function linked(text: string): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutTrailingPunctuation(match[0]);
    segments.push(...withMentions(text.slice(from, match.index)), { type: "link", text: address });
    from = match.index + address.length;
  }
  segments.push(...withMentions(text.slice(from)));
  return segments;
}

/** "(see https://a.b/c_(d))." links c_(d) whole and leaves the sentence its bracket and full stop. */
function withoutTrailingPunctuation(address: string): string {
  const closing = CLOSING.exec(address)?.[0] ?? "";
  const bare = address.slice(0, address.length - closing.length);
  const opened = bare.split("(").length - bare.split(")").length;
  return opened > 0 && closing.startsWith(")".repeat(opened)) ? bare + ")".repeat(opened) : bare;
}

function withMentions(text: string): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (const match of text.matchAll(MENTION)) {
    const mention = match[0].replace(/[.-]+$/, "");
    if (match.index > from) segments.push({ type: "text", text: text.slice(from, match.index) });
    segments.push({ type: "mention", text: mention });
    from = match.index + mention.length;
  }
  if (from < text.length) segments.push({ type: "text", text: text.slice(from) });
  return segments;
}

export function namesMe(mention: string, username: string): boolean {
  return mention.slice(1).toLowerCase() === username.toLowerCase();
}

/** "/me waves" is an action; the rest of its text, or null for any other text. */
export function action(text: string): string | null {
  return /^\/me\s+([\s\S]+)/i.exec(text)?.[1] ?? null;
}
