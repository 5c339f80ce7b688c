/** How remembered answers are dimensioned. */
export const answerLimits = {
  /** Characters of a question at most, its variables above all: longer ones seldom come twice. */
  longestKey: 65_536,
  /** How many of the questions asked lately are known again. */
  keysSeen: 20_000,
  /** For how long anybody else may keep an answer that nothing bounds. */
  mostSecondsElsewhere: 300,
  /** What one answer takes beside its bytes, and beside the list of what it was made from. */
  overheadBytes: 500,
  bytesPerPart: 8,
  /** What bodies of questions take that are known again, by their text; and what one takes, with all that it was parsed to. */
  bodyBytes: 4_000_000,
  bodyOverheadBytes: 300,
  bytesPerCharacter: 4,
  /** What is shorter goes out as it is: it fits into one packet of the network. */
  encodedFrom: 1_400,
} as const;
