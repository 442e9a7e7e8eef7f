/** What is wrong with a file, and where. */
export class DataError extends Error {
  override readonly name = "DataError";

  /**
   * @param line the line in the file, from 1.
   * @param column the column of the table, from 1: the number of delimiters before the fault, plus 1.
   */
  constructor(
    readonly file: string,
    readonly line: number,
    readonly column: number,
    readonly fault: string,
  ) {
    super(`${file}, line ${line}, column ${column}: ${fault}`);
  }
}
