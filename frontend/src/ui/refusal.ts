import { errorText, t } from "../i18n";
import { Refusal } from "../wire/shapes";

/** Why a request failed, for the one who made it. */
export function reasonText(reason: unknown): string {
  return reason instanceof Refusal ? errorText(reason.code, reason.message) : t("error.disconnected");
}
