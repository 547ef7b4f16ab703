/** What `settings.schema.json` lets through, defaults filled in. */
export interface Settings {
  readonly command: string;
  readonly socket: string;
}
