/** What the page's other scripts leave in the window: of React and GraphiQL as much as this page uses. */
declare const React: {
  createElement(type: unknown, properties?: Readonly<Record<string, unknown>> | null, ...children: unknown[]): object;
  useState<Value>(first: Value | (() => Value)): [Value, (next: Value) => void];
  useEffect(effect: () => (() => void) | undefined, of: readonly unknown[]): void;
  useMemo<Value>(make: () => Value, of: readonly unknown[]): Value;
  useCallback<Called>(called: Called, of: readonly unknown[]): Called;
};

declare const ReactDOM: { createRoot(place: Element): { render(element: object): void } };

interface Editor {
  getValue(): string;
  setValue(text: string): void;
  on(event: "change", listener: () => void): void;
  off(event: "change", listener: () => void): void;
}

declare const GraphiQL: {
  createFetcher(options: { readonly url: string; readonly headers: Readonly<Record<string, string>> }): object;
  readonly Logo: object;
  readonly Footer: object;
  readonly React: {
    useEditorContext(options: { readonly nonNull: true }): {
      addTab(): void;
      readonly queryEditor: Editor | null;
      readonly variableEditor: Editor | null;
      readonly responseEditor: Editor | null;
    };
  };
};

declare const GraphiQLPluginExplorer: { explorerPlugin(): object };

/** What the graph answered to the page itself. */
interface Answer {
  /** It wants to know who asks. */
  readonly isRefused: boolean;
  readonly data: Readonly<Record<string, unknown>> | null;
}
