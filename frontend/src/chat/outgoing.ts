import { shallowRef } from "vue";
import { errorText, t } from "../i18n";
import * as pending from "../log/pending";
import type { PendingPost, Posts } from "../log/pending";
import { asksForAllHelp, commandsFor, usage } from "../text/commands";
import type { Command } from "../text/commands";
import { recall, remember, thisTab } from "../text/storage";
import { newKey } from "../wire/key";
import { Refusal } from "../wire/shapes";
import type { Posted } from "../wire/shapes";
import type { Histories, Request } from "./histories";
import type { Notices } from "./notices";
import type { Rooms } from "./rooms";

const RETRY_AFTER = 2;

/** What other commands did stands in the log, for everybody and in the reader's language. */
const ANSWERING = "help";

/** My posts on their way: sent in order, sent again after a broken connection, shown until the log has them. */
export class Outgoing {
  readonly posts = shallowRef<Posts>([]);
  private isOnline = false;
  private memory = "";

  constructor(
    private readonly request: Request,
    private readonly histories: Histories,
    private readonly notices: Notices,
    private readonly rooms: Rooms,
  ) {}

  /** The connection is (again) there; on the first time, also what this tab had not sent before a reload. */
  online(userId: string): void {
    if (this.memory === "") {
      this.memory = `pending.${userId}`;
      const kept = recall<Posts>(thisTab, this.memory) ?? [];
      this.set([...pending.interrupted(kept), ...this.posts.value]);
    }
    this.isOnline = true;
    for (const room of new Set(this.posts.value.map((post) => post.room))) this.send(room);
  }

  offline(): void {
    this.isOnline = false;
    this.set(pending.interrupted(this.posts.value));
  }

  post(room: string, text: string, replyTo: number | null): void {
    const post = { key: newKey(), room, text, replyTo, at: new Date().toISOString() };
    this.set(pending.written(this.posts.value, post));
    this.send(room);
  }

  retry(post: PendingPost): void {
    this.set(pending.retried(this.posts.value, post.key));
    this.send(post.room);
  }

  discard(post: PendingPost): void {
    this.set(pending.discarded(this.posts.value, post.key));
  }

  /** The room's log moved on. */
  shown(room: string): void {
    const log = this.histories.logs.get(room);
    if (log) this.set(pending.shownIn(this.posts.value, room, log.messages, log.last));
  }

  private send(room: string): void {
    const post = pending.nextToSend(this.posts.value, room);
    if (!post || !this.isOnline) return;
    this.set(pending.sent(this.posts.value, post.key));
    const fields = { room, key: post.key, text: post.text, ...(post.replyTo !== null && { reply_to: post.replyTo }) };
    this.request<Posted>("post", fields).then(
      (answer) => this.answered(post, answer),
      (reason) => reason instanceof Refusal && this.refused(post, reason),
    );
  }

  private answered(post: PendingPost, answer: Posted): void {
    const shown = this.histories.logs.get(post.room)?.last ?? Infinity;
    if (typeof answer.seq === "number") this.set(pending.accepted(this.posts.value, post.key, answer.seq, shown));
    else this.set(pending.discarded(this.posts.value, post.key));
    if (answer.output && answer.command === ANSWERING) this.notices.say(post.room, this.help(post, answer.output));
    this.send(post.room);
  }

  /** All commands in the reader's language, when the notice is drawn; about one, the server's words. */
  private help(post: PendingPost, output: string): () => string {
    const room = this.rooms.all.get(post.room);
    if (!room || !asksForAllHelp(post.text)) return () => output;
    return () => commandsFor(room).map(lineOfHelp).join("\n");
  }

  private refused(post: PendingPost, reason: Refusal): void {
    if (reason.temporary) {
      this.set(pending.retried(this.posts.value, post.key));
      setTimeout(() => this.send(post.room), (reason.retryAfter ?? RETRY_AFTER) * 1000);
      return;
    }
    if (pending.isCommand(post.text)) {
      this.set(pending.discarded(this.posts.value, post.key));
      this.notices.say(post.room, () => errorText(reason.code, reason.message), "error");
    } else {
      this.set(pending.refused(this.posts.value, post.key, reason.code, reason.message));
    }
    this.send(post.room);
  }

  private set(posts: Posts): void {
    if (posts === this.posts.value) return;
    this.posts.value = posts;
    if (this.memory) remember(thisTab, this.memory, posts.length ? posts : null);
  }
}

function lineOfHelp(command: Command): string {
  return `${usage(command)} – ${t(`command.${command.name}`)}`;
}
