import type { Message, Person } from "../wire/shapes";

/**
 * A message that I have written and the server has not shown back yet. Values are never changed in
 * place.
 *
 * `waiting`: to be sent, perhaps again. `sent`: on its way, its answer unknown. `accepted`: in the
 * log as `seq`, but not yet pushed. `refused`: the server said no, and I decide.
 */
export interface PendingPost {
  readonly key: string;
  readonly room: string;
  readonly text: string;
  readonly replyTo: number | null;
  readonly at: string;
  readonly state: "waiting" | "sent" | "accepted" | "refused";
  readonly seq?: number;
  /** The stable code of the refusal, and the server's own words for it. */
  readonly refusal?: string;
  readonly reason?: string;
}

export type Posts = readonly PendingPost[];

export function written(posts: Posts, post: Pick<PendingPost, "key" | "room" | "text" | "replyTo" | "at">): Posts {
  return [...posts, { ...post, state: "waiting" }];
}

/**
 * The post to send now. One at a time per room: answers come in any order between requests, so two
 * posts in flight could be numbered the wrong way round.
 */
export function nextToSend(posts: Posts, room: string): PendingPost | undefined {
  const mine = posts.filter((post) => post.room === room);
  if (mine.some((post) => post.state === "sent")) return undefined;
  return mine.find((post) => post.state === "waiting");
}

export function sent(posts: Posts, key: string): Posts {
  return changed(posts, key, { state: "sent" });
}

/** The answer came. `shown` is the seq up to which the room's log is on the screen. */
export function accepted(posts: Posts, key: string, seq: number, shown: number): Posts {
  return seq <= shown ? discarded(posts, key) : changed(posts, key, { state: "accepted", seq });
}

/** The log moved on: whatever it shows now, by key or by seq, is pending no more. */
export function shownIn(posts: Posts, room: string, messages: readonly Message[], last: number): Posts {
  const keys = new Set(messages.map((message) => message.key).filter(Boolean));
  const left = posts.filter(
    (post) => post.room !== room || !(keys.has(post.key) || (post.seq !== undefined && post.seq <= last)),
  );
  return left.length === posts.length ? posts : left;
}

export function refused(posts: Posts, key: string, code: string, reason = ""): Posts {
  return changed(posts, key, { state: "refused", refusal: code, reason });
}

export function retried(posts: Posts, key: string): Posts {
  return changed(posts, key, { state: "waiting", refusal: undefined });
}

export function discarded(posts: Posts, key: string): Posts {
  return posts.filter((post) => post.key !== key);
}

/**
 * The connection broke: unanswered posts are sent again with the same key, so that one the server
 * has already stored is recognised. A command has no such promise; doing it twice could clear what
 * was written in between, so its author decides.
 */
export function interrupted(posts: Posts): Posts {
  return posts.map((post) => {
    if (post.state !== "sent") return post;
    return isCommand(post.text) ? { ...post, state: "refused", refusal: "interrupted" } : { ...post, state: "waiting" };
  });
}

/** `//` posts a literal slash, and /me is a message like any other. */
export function isCommand(text: string): boolean {
  return /^\/(?!\/)/.test(text) && !/^\/me\s/i.test(text);
}

/** How a pending post looks in the history until the real one replaces it. */
export function asMessage(post: PendingPost, me: Person): Message {
  const text = post.text.startsWith("//") ? post.text.slice(1) : post.text;
  return {
    room: post.room,
    seq: post.seq ?? Infinity,
    kind: "posted",
    author: me,
    text,
    at: post.at,
    key: post.key,
    reply_to: post.replyTo,
  };
}

function changed(posts: Posts, key: string, change: Partial<PendingPost>): Posts {
  return posts.map((post) => (post.key === key ? { ...post, ...change } : post));
}
