/** The outcome of a read as a value, so that several reads can fail each by itself. */
export async function settle<T>(reading: T | Promise<T>): Promise<T | Error> {
  try {
    return await reading;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
