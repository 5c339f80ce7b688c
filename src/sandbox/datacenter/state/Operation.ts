/** What a permission allows: `read` on `space`. The REST API's words. */
export interface Operation {
  readonly operationKey: string;
  readonly targetType: string;
}
