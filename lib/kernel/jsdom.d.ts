/** The little of jsdom that is used. Its published types would bring a browser's globals into every file. */
declare module "jsdom" {
  export class VirtualConsole {
    on(event: string, listener: (...args: any[]) => void): this;
  }
  export class JSDOM {
    /** Without options no script runs. */
    constructor(
      html: string,
      options?: { runScripts: "outside-only"; pretendToBeVisual: boolean; virtualConsole: VirtualConsole },
    );
    readonly window: any;
  }
}
