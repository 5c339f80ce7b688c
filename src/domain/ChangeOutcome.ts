/** How a change ended. Answered from what was read back, never from what was sent. */
export type ChangeOutcome =
  | "CREATED"
  | "ALREADY_EXISTS"
  | "REPLACED"
  | "REMOVED"
  | "NOT_PRESENT"
  | "STARTED"
  | "PLANNED"
  | "FAILED";
