/** The longest delay `setTimeout` keeps, about 24.8 days. A longer one fires at once. */
export const longestTimerMs = 2_147_483_647;
