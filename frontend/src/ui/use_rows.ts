import { computed } from "vue";
import type { Ref } from "vue";
import type { Session } from "../chat/session";
import { asMessage, isCommand } from "../log/pending";
import type { PendingPost } from "../log/pending";
import type { RoomLog } from "../log/room_log";
import { timeline } from "../log/timeline";
import type { Room } from "../wire/shapes";

/** What stands in a room's history: its log, what only I was told, and what I have posted since. */
export function useRows(session: Session, room: () => Room, log: Readonly<Ref<RoomLog>>) {
  const { outgoing, notices, visit } = session;

  const pending = computed(
    () => new Map(outgoing.posts.value.filter((post) => post.room === room().id).map((post) => [post.key, post])),
  );
  const rows = computed(() => {
    const me = session.me.value!;
    const shown = new Set(log.value.messages.map((message) => message.key));
    const mine = [...pending.value.values()].filter((post) => !shown.has(post.key) && isToShow(post));
    const said = notices.byRoom.get(room().id) ?? [];
    const inLog = [...log.value.messages, ...said].sort((a, b) => a.seq - b.seq);
    return timeline([...inLog, ...mine.map((post) => asMessage(post, me))], {
      myId: me.id,
      isDirect: room().visibility === "direct",
      newAfter: visit.newAfter.value,
      since: visit.since.value,
    });
  });
  return { rows, pending };
}

/** A command shows by what it does; only one that was refused needs its author. */
function isToShow(post: PendingPost): boolean {
  return post.state === "refused" || !isCommand(post.text);
}
