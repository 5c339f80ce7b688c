import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import type { DataCenterCall, DataCenterRoutes } from "../DataCenterCall.js";

/** How far the tasks are that a 202 names. Confluence's document has two addresses for it, one of them in an example only. */
export const longTaskRoutes: DataCenterRoutes = {
  "GET /rest/api/longtask/{id}": { handle: taskStatus },
  "GET /rest/api/longtask/{id}/status": { handle: taskStatus },
};

function taskStatus({ state, params, now, baseUrl, path }: DataCenterCall): Reply {
  const id = params.id ?? "";
  const task = state.tasks.status(id, now);
  if (task === null) throw new Refusal(404, `No long task found with id : ${id}`);
  return {
    status: 200,
    body: {
      id,
      name: { key: "com.atlassian.confluence.longtask", args: [], translation: "Long task" },
      elapsedTime: task.elapsedMs,
      percentageComplete: task.isFinished ? 100 : 0,
      successful: task.isFinished,
      messages: [],
      _links: { self: `${baseUrl}${path}`, base: baseUrl, context: state.contextPath },
    },
  };
}
