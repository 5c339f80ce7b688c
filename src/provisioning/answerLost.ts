import type { ChangeFault } from "../domain/ChangeFault.js";

/** A call whose answer was lost, and that reading back shows not to have been carried out. */
export const answerLost: ChangeFault = {
  code: "ANSWER_LOST",
  field: [],
  message:
    "The answer to the change was lost, and reading back shows that it was not carried out. It is safe to repeat.",
};
