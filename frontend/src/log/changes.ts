import type { Message } from "../wire/shapes";

const CHANGES = new Set(["edited", "deleted", "reacted", "unreacted"]);

/** Changes alter another message and are not shown themselves. */
export function isChange(entry: Message): boolean {
  return CHANGES.has(entry.kind);
}

/** The messages with one change applied to its target, wherever it is; the same array when it is not here. */
export function applyChange(messages: readonly Message[], change: Message): readonly Message[] {
  const index = messages.findIndex((message) => message.seq === change.target);
  const target = messages[index];
  if (!target) return messages;
  const changed = changedBy(target, change);
  return changed === target ? messages : messages.with(index, changed);
}

function changedBy(target: Message, change: Message): Message {
  switch (change.kind) {
    case "edited":
      // A page already carries the current text: an older edit replayed over it would bring back an old one.
      if (target.deleted || (target.edited_at && target.edited_at > change.at)) return target;
      return { ...target, text: change.text, html: change.html, mentions: change.mentions, edited_at: change.at };
    case "deleted":
      return { ...target, deleted: true, text: "", html: null, mentions: [] };
    default:
      return target;
  }
}
