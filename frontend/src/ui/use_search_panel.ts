import type { Ref } from "vue";
import type { Session } from "../chat/session";
import { useSidePanel } from "./use_side_panel";

/** The search beside the room, opened to look here or everywhere. */
export function useSearchPanel(
  session: Session,
  panel: Readonly<Ref<{ focus(): void } | null>>,
  goOn: () => void,
) {
  const side = useSidePanel(panel, goOn);

  function open(where: "room" | "everywhere"): void {
    const { everywhere } = session.search;
    const isOther = everywhere.value !== (where === "everywhere");
    everywhere.value = where === "everywhere";
    if (side.isOpen.value && isOther) void session.search.now();
    side.open();
  }

  return { ...side, open };
}
