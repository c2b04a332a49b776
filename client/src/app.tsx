import type { FunctionComponent } from "preact";
import { flushSync } from "preact/compat";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Ledger } from "./ledger";
import type { ViewProps } from "./parts";
import type { Alone } from "./payload";
import { T } from "./parts";
import { ReceiptPanel } from "./receipt";
import { parse, viewHash, type Route, type View } from "./route";
import type { Store } from "./store";
import { Accounts } from "./views/accounts";
import { Actors } from "./views/actors";
import { Brief } from "./views/brief";
import { Claims } from "./views/claims";
import { WorldMap } from "./views/map";
import { Narratives } from "./views/narratives";
import { Sources } from "./views/sources";
import { InStep, InStepView } from "./views/synchrony";
import { Timeline } from "./views/timeline";

const PAGES: Record<View, [string, FunctionComponent<ViewProps>]> = {
  brief: ["Brief", Brief],
  timeline: ["Timeline", Timeline],
  accounts: ["Accounts", Accounts],
  claims: ["Claims", Claims],
  map: ["Map", WorldMap],
  actors: ["Actors", Actors],
  narratives: ["Narratives", Narratives],
  synchrony: ["In step", InStepView],
  sources: ["What was read", Sources],
};
/** Printed after the brief, in this order. */
const APPENDIX: View[] = ["accounts", "narratives", "claims", "sources"];

export function App({ ledger, store }: { ledger: Ledger; store: Store }) {
  const route = useRoute();
  const printing = usePrinting();
  const [title, Page] = PAGES[route.view];
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = `${title} · ${ledger.title || "Allegedly"}`;
    if (!route.receipt) window.scrollTo(0, 0);
  }, [route.view]);
  return (
    <div class={route.receipt || pairOpen(route) ? "page with-panel" : "page"}>
      <a class="skip" href={viewHash(route.view, route.query)} onClick={() => main.current?.focus()}>
        Skip to the content
      </a>
      <Masthead ledger={ledger} view={route.view} />
      <main ref={main} tabIndex={-1} id="main" class={`view view-${route.view}`}>
        <Page ledger={ledger} query={route.query} printing={printing} />
        {printing && route.view === "brief" && <Appendix ledger={ledger} />}
      </main>
      {route.receipt && (
        <ReceiptPanel ledger={ledger} store={store} receipt={route.receipt} back={viewHash(route.view, route.query)} />
      )}
      <footer class="foot">
        Made by Allegedly{ledger.madeAt && ` on ${ledger.madeAt.replace("T", " at ").slice(0, 19)} UTC`}. Every line is
        what somebody says; none is a finding that it is so.
      </footer>
    </div>
  );
}

/** The page of `allegedly synchrony`: one view, nothing else to go to. */
export function AlonePage({ data }: { data: Alone }) {
  const route = useRoute();
  const query = route.receipt ? new URLSearchParams() : route.query;
  const printing = usePrinting();
  const title = data.title || "Posts";
  useEffect(() => {
    document.title = `In step · ${title}`;
  }, []);
  return (
    <div class={query.has("one") ? "page with-panel" : "page"}>
      <header class="masthead alone">
        <p class="kicker">Allegedly: who posts in step</p>
        <h1 class={title.length > 60 ? "long" : undefined}>
          <T>{title}</T>
        </h1>
      </header>
      <main tabIndex={-1} id="main" class="view view-synchrony">
        <InStep data={data.synchrony} ledger={null} query={query} printing={printing} />
      </main>
      <footer class="foot">
        Made by Allegedly{data.made_at && ` on ${data.made_at.replace("T", " at ").slice(0, 19)} UTC`}. A pair in step is a
        finding about times; it says nothing of people.
      </footer>
    </div>
  );
}

const pairOpen = (route: Route) => route.query.has("one") && route.view === "synchrony";

function pairClosed(route: Route): string {
  return viewHash(route.view, new URLSearchParams([...route.query].filter(([name]) => name !== "one" && name !== "other")));
}

function Masthead({ ledger, view }: { ledger: Ledger; view: View }) {
  const tabs = useRef<HTMLElement>(null);
  useEffect(() => tabs.current?.querySelector("[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" }), [view]);
  return (
    <header class="masthead">
      <p class="kicker">Allegedly: a ledger of claims</p>
      <h1 class={ledger.title.length > 60 ? "long" : undefined}>
        <T>{ledger.title || "Ledger of claims"}</T>
      </h1>
      <nav ref={tabs} class="tabs" aria-label="Views">
        {Object.entries(PAGES).map(([name, [label]]) => (
          <a key={name} href={`#${name}`} aria-current={name === view ? "page" : undefined}>
            {label}
          </a>
        ))}
      </nav>
    </header>
  );
}

function Appendix({ ledger }: { ledger: Ledger }) {
  const query = new URLSearchParams();
  return (
    <>
      {APPENDIX.map((name) => {
        const [, Page] = PAGES[name];
        return (
          <section key={name} class={`view view-${name}`}>
            <Page ledger={ledger} query={query} printing />
          </section>
        );
      })}
    </>
  );
}

function useRoute(): Route {
  const [route, setRoute] = useState<Route>(() => parse(location.hash, null));
  const opener = useRef<Element | null>(null);
  useEffect(() => {
    const follow = () => {
      const next = parse(location.hash, route);
      if (next.receipt && !route.receipt) opener.current = document.activeElement;
      setRoute(next);
    };
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, [route]);
  useEffect(() => {
    if (!route.receipt && opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
  }, [!route.receipt]);
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      if (route.receipt) location.hash = viewHash(route.view, route.query);
      else if (pairOpen(route)) location.hash = pairClosed(route);
    };
    window.addEventListener("keydown", close);
    return () => window.removeEventListener("keydown", close);
  }, [route]);
  return route;
}

/** True from just before printing to just after, rendered at once: paper does not wait for the next frame. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const before = () => flushSync(() => setPrinting(true));
    const after = () => setPrinting(false);
    window.addEventListener("beforeprint", before);
    window.addEventListener("afterprint", after);
    return () => {
      window.removeEventListener("beforeprint", before);
      window.removeEventListener("afterprint", after);
    };
  }, []);
  return printing;
}
