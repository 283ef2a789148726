import { computed, ref, watchEffect } from "vue";
import { countUpTo, t } from "../i18n";
import { figures, MOST_UNREAD } from "../log/unread";
import { roomTitle } from "../text/names";
import { lasting, recall, remember } from "../text/storage";
import type { Message, Room } from "../wire/shapes";
import type { Session } from "./session";

/** What calls me back to this page: its title, its icon, a desktop notification. */
export class Attention {
  /** Something was for me and desktop notifications are neither on nor declined: a moment to ask. */
  readonly mayAsk = ref(false);

  constructor(
    private readonly session: Session,
    private readonly go: (room: string, seq: number) => void,
  ) {
    const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
    const title = computed(() => this.title());
    watchEffect(() => (document.title = title.value));
    watchEffect(() => icon?.setAttribute("href", `/static/${this.icon()}.svg`));
  }

  received(entry: Message): void {
    const room = this.session.rooms.all.get(entry.room);
    if (!room || !this.concernsMe(room, entry)) return;
    const isBeforeMe = document.hasFocus() && this.session.visit.roomId.value === room.id;
    if (isBeforeMe || !canNotify()) return;
    if (Notification.permission === "granted") this.notify(room, entry);
    else if (Notification.permission === "default") this.mayAsk.value = !recall(lasting, "notify-declined");
  }

  async turnOn(): Promise<void> {
    this.mayAsk.value = false;
    await Notification.requestPermission();
  }

  decline(): void {
    this.mayAsk.value = false;
    remember(lasting, "notify-declined", true);
  }

  private concernsMe(room: Room, entry: Message): boolean {
    const me = this.session.me.value?.id ?? "";
    if (entry.kind !== "posted" || entry.author?.id === me) return false;
    return room.visibility === "direct" || (entry.mentions?.includes(me) ?? false);
  }

  private notify(room: Room, entry: Message): void {
    const name = entry.author?.display_name ?? t("message.server");
    const isDirect = room.visibility === "direct";
    const title = isDirect ? name : t("notify.mention", { name, room: roomTitle(room) });
    const options = { body: entry.text, tag: `${room.id}-${entry.seq}`, icon: "/static/favicon.svg" };
    const notification = new Notification(title, options);
    notification.onclick = () => {
      window.focus();
      this.go(room.name ?? room.id, entry.seq);
      notification.close();
    };
  }

  private title(): string {
    const { rooms, visit } = this.session;
    const place = visit.room.value ? `${label(visit.room.value)} · Besedka` : "Besedka";
    if (rooms.urgent.value > 0) return `(${figures(rooms.urgent.value, MOST_UNREAD - 1)}) ${place}`;
    return rooms.anyUnread.value ? `• ${place}` : place;
  }

  private icon(): string {
    if (this.session.rooms.urgent.value > 0) return "favicon-urgent";
    return this.session.rooms.anyUnread.value ? "favicon-unread" : "favicon";
  }
}

export function label(room: Room): string {
  return room.visibility === "direct" ? roomTitle(room) : `#${roomTitle(room)}`;
}

export function badgeLabel(room: Room, urgent: number): string {
  return urgent > 0
    ? countUpTo(MOST_UNREAD, "sidebar.urgent", urgent)
    : countUpTo(MOST_UNREAD, "sidebar.unread", room.unread);
}

function canNotify(): boolean {
  return "Notification" in window && window.isSecureContext;
}
