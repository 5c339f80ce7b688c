/** Replies that are read in one turn of the event loop: some milliseconds of work. */
const repliesATurn = 8;

/**
 * When replies are read. Many come together where calls went together, and reading one takes longer than sending the next call on its
 * lane; nor does undici use a connection again before the event loop has come round. Were each read as it comes, all lanes would
 * stand idle until the last is read. So their lanes are free at once, and they are read behind the calls that go then.
 */
export class ReplyTurns {
  #waiting: (() => void)[] = [];
  #next: NodeJS.Immediate | undefined;

  /** Resolves when a reply that has just come is to be read: in this turn of the event loop, where few have come. */
  turn(): Promise<void> {
    return new Promise((open) => {
      this.#waiting.push(open);
      // Behind what its connection asks to be done then, and those of all who came before it.
      clearImmediate(this.#next);
      this.#next = setImmediate(() => this.#openSome());
    });
  }

  #openSome(): void {
    for (const open of this.#waiting.splice(0, repliesATurn)) open();
    this.#next = this.#waiting.length === 0 ? undefined : setImmediate(() => this.#openSome());
  }
}
