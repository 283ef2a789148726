import { t } from "../i18n";
import { complaint } from "../text/query";
import { Refusal } from "../wire/shapes";
import { reasonText } from "./refusal";

/** Whether asking for something else would help; otherwise, asking again may. */
export function isQueryProblem(reason: unknown): reason is Refusal {
  return reason instanceof Refusal && /^(query_invalid|invalid_field)$/.test(reason.code);
}

/** What is wrong with a query, in the reader's language where we know the reason; empty if nothing is. */
export function searchProblem(reason: unknown): string {
  if (reason === null) return "";
  if (!isQueryProblem(reason)) return reasonText(reason);
  const known = complaint(reason.message);
  return known ? t(`search.problem.${known.key}`, { filter: `${known.name}:` }) : reason.message;
}
