/** The page: opens the store, follows the address, shows one view and, over it, a receipt. */

import { render } from "preact";
import { AlonePage, App } from "./app";
import { Ledger } from "./ledger";
import { openStore } from "./store";

async function start(): Promise<void> {
  const root = document.getElementById("app")!;
  try {
    const store = openStore();
    const payload = await store.payload();
    const page = "documents" in payload ? <App ledger={new Ledger(payload)} store={store} /> : <AlonePage data={payload} />;
    root.replaceChildren();
    render(page, root);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    root.textContent = `This page could not be opened: ${what}. A current Firefox, Chrome, Edge or Safari is needed.`;
    console.error(error);
  }
}

void start();
