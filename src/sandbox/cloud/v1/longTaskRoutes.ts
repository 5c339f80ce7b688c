import { Refusal } from "../../http/Refusal.js";
import type { CloudRoutes } from "../CloudCall.js";

/** How far the tasks are that a 202 names. */
export const longTaskRoutes: CloudRoutes = {
  "GET /wiki/rest/api/longtask/{id}": ({ state, params, now, siteUrl, path }) => {
    const id = params.id ?? "";
    const task = state.pending.task(id, now);
    if (task === undefined) throw new Refusal(404, `No task with id ${id} is visible to you.`);
    return {
      status: 200,
      body: {
        id,
        name: { key: "com.atlassian.confluence.spaceroles.update", args: [] },
        elapsedTime: now - task.startedAt,
        percentageComplete: task.isFinished ? 100 : 0,
        successful: task.isFinished,
        finished: task.isFinished,
        messages: [],
        _links: { base: `${siteUrl}/wiki`, context: "/wiki", self: `${siteUrl}${path}` },
      },
    };
  },
};
