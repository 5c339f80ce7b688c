/** How a change ended. Answered from what was read back, never from what was sent. */
export type ChangeOutcome =
  | "CREATED"
  | "ALREADY_EXISTS"
  | "REPLACED"
  | "KEPT"
  | "REMOVED"
  | "NOT_PRESENT"
  | "INHERITED"
  | "STARTED"
  | "PLANNED"
  | "FAILED";
