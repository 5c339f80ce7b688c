/** How the page looks around GraphiQL. As text because the compiler copies no style sheets. */
export const styleSheet = `
body { margin: 0; --ink: #3b4b68; --paper: #fff; --line: #d9dde4; --mild: #eef0f4; }
body.graphiql-dark { --ink: #b7c2d7; --paper: #212a3b; --line: #3b4b68; --mild: #2c374c; }
@media (prefers-color-scheme: dark) {
  body:not(.graphiql-light) { --ink: #b7c2d7; --paper: #212a3b; --line: #3b4b68; --mild: #2c374c; }
}
.page { display: flex; flex-direction: column; height: 100vh; background: var(--paper); }
.page-main { display: flex; flex: 1; flex-direction: column; min-height: 0; }
.page-main > .graphiql-container { flex: 1; min-height: 0; height: auto; --alpha-secondary: 0.85; }
.page-waiting { padding: 16px; color: var(--ink); font: 14px/1.5 Roboto, system-ui, sans-serif; }
.bar {
  display: flex; flex-wrap: wrap; align-items: center; gap: 4px 20px; padding: 8px 16px;
  border-bottom: 1px solid var(--line); color: var(--ink); font: 14px/1.5 Roboto, system-ui, sans-serif;
}
.bar h1 { margin: 0; font-size: 15px; font-weight: 600; }
.bar h1 small { margin-left: 8px; font-weight: 400; opacity: 0.85; }
.bar-sites { display: flex; flex: 1; flex-wrap: wrap; gap: 4px 16px; margin: 0; padding: 0; list-style: none; }
.bar-sites em { margin-left: 6px; padding: 1px 8px; border-radius: 9px; background: var(--mild); font-style: normal; font-size: 12px; }
.bar-sites .is-sandbox { background: #dcefdc; color: #1e5631; }
.bar-sites .is-real { background: #dbe7fb; color: #1b3f7a; }
.bar-sites .is-writable { background: #fde6cf; color: #7a3d00; }
.bar-warning { font-weight: 600; }
.bar-token { display: flex; align-items: center; gap: 6px; }
.bar-token input, .bar-token button, .examples {
  box-sizing: border-box; height: 28px; padding: 0 8px; border: 1px solid var(--line); border-radius: 4px;
  background: var(--paper); color: inherit; font: inherit;
}
.bar-token input { width: 150px; }
.bar-token.is-wanted input { border-color: #d60590; }
.bar-token button { cursor: pointer; }
.graphiql-container .examples { max-width: 130px; color: var(--ink); font: 14px/1.5 Roboto, system-ui, sans-serif; }
.graphiql-container .graphiql-session-header { flex-wrap: nowrap; height: auto; min-width: 0; }
.graphiql-container .graphiql-session-header-left, .graphiql-container .graphiql-tabs { flex: 1; min-width: 0; flex-wrap: wrap; overflow: visible; }
.graphiql-container .graphiql-tabs { row-gap: 4px; padding: 8px 0; }
.graphiql-container .graphiql-session-header { padding: 0 8px; }
.graphiql-container .graphiql-session-header-right { flex: none; align-self: flex-start; }
.graphiql-container .graphiql-logo { padding: 10px 8px; }
.graphiql-container .graphiql-response { position: relative; }
.graphiql-container .graphiql-footer { border: 0; }
.invitation {
  position: absolute; inset: 16px 24px auto 24px; max-width: 46ch; color: var(--ink); opacity: 0.9;
  font: 14px/1.5 Roboto, system-ui, sans-serif; pointer-events: none;
}
.invitation p { margin: 0 0 8px; }
`;
