/** Where events are said to have taken place. Land only: a border line is a stance. */

import { geoEqualEarth, geoGraticule10, geoPath, type GeoPermissibleObjects, type GeoProjection } from "d3-geo";
import { useMemo, useState } from "preact/hooks";
import { feature } from "topojson-client";
import type { Topology } from "topojson-specification";
import land110 from "world-atlas/land-110m.json";
import { groupBy, type Ledger } from "../ledger";
import { Empty, EventName, Folded, Status, T, useWidth, type ViewProps } from "../parts";
import type { LedgerEvent } from "../payload";
import { short, shown } from "../text";
import { count, number, span } from "../words";

const topology = land110 as unknown as Topology;
const LAND = feature(topology, topology.objects.land!) as GeoPermissibleObjects;
/** Half the least width of a fitted view, in degrees: nearer, the 1:110m coast says nothing. */
const LEAST = 9;

interface Spot {
  key: string;
  lon: number;
  lat: number;
  name: string;
  events: LedgerEvent[];
}

export function WorldMap({ ledger, printing }: ViewProps) {
  const spots = useMemo(() => spotsOf(ledger), [ledger]);
  const [box, width] = useWidth(820);
  const [picked, setPicked] = useState<string | null>(null);
  const [world, setWorld] = useState(false);
  const placed = spots.reduce((sum, spot) => sum + spot.events.length, 0);
  const listed = picked ? spots.filter((spot) => spot.key === picked) : spots;
  return (
    <>
      <h2>Map</h2>
      <p class="summary">
        {count(placed, "event")} of {number(ledger.events.length)} with a place that could be found. The place is the one
        that the texts name.
      </p>
      {!spots.length && <Empty>No event has a place that could be found on a map.</Empty>}
      {spots.length > 0 && (
        <div class="beside">
          <figure ref={box} class="drawing">
            <p class="controls">
              <button type="button" aria-pressed={!world} onClick={() => setWorld(false)}>
                Around the events
              </button>
              <button type="button" aria-pressed={world} onClick={() => setWorld(true)}>
                Whole world
              </button>
            </p>
            <Drawing spots={spots} width={width} world={world} picked={picked} onPick={setPicked} />
            <figcaption>
              Land outlines only, 1:110 million (Natural Earth). No borders are drawn: where a border runs is itself a claim.
              Equal Earth projection.
            </figcaption>
          </figure>
          <section aria-label="Events by place">
            {picked && (
              <p>
                <button type="button" onClick={() => setPicked(null)}>
                  Show every place
                </button>
              </p>
            )}
            <ul class="places">
              <Folded items={listed} first={15} what="places" printing={printing}>
                {(spot) => <Place key={spot.key} ledger={ledger} spot={spot} picked={picked} onPick={setPicked} />}
              </Folded>
            </ul>
          </section>
        </div>
      )}
    </>
  );
}

function spotsOf(ledger: Ledger): Spot[] {
  const placed = ledger.events.filter((event) => event.lat !== null && event.lon !== null);
  const groups = groupBy(placed, (event) => `${event.lat!.toFixed(2)},${event.lon!.toFixed(2)}`);
  const spots = [...groups].map(([key, events]) => {
    const [first] = events;
    return { key, lon: first!.lon!, lat: first!.lat!, name: first!.place || key, events };
  });
  return spots.sort((a, b) => b.events.length - a.events.length || (a.key < b.key ? -1 : 1));
}

interface PlaceProps {
  ledger: Ledger;
  spot: Spot;
  picked: string | null;
  onPick: (key: string | null) => void;
}

function Place({ ledger, spot, picked, onPick }: PlaceProps) {
  return (
    <li>
      <h3>
        <button type="button" class="name" aria-pressed={picked === spot.key} onClick={() => onPick(picked === spot.key ? null : spot.key)}>
          <T>{spot.name}</T>
        </button>{" "}
        <span class="count">{count(spot.events.length, "event")}</span>
      </h3>
      <ul class="lines plain">
        {spot.events.slice(0, picked ? 100 : 3).map((event) => (
          <li key={event.row}>
            <div>
              <EventName ledger={ledger} event={event} />
              <p class="by">
                {span(event.start, event.end)} · {ledger.publishers(ledger.tellings(event))} <Status event={event} />
              </p>
            </div>
          </li>
        ))}
      </ul>
      {!picked && spot.events.length > 3 && (
        <p class="more">
          <button type="button" onClick={() => onPick(spot.key)}>
            All {number(spot.events.length)} events here
          </button>
        </p>
      )}
    </li>
  );
}

interface DrawingProps {
  spots: Spot[];
  width: number;
  world: boolean;
  picked: string | null;
  onPick: (key: string | null) => void;
}

function Drawing({ spots, width, world, picked, onPick }: DrawingProps) {
  const height = Math.round(width * (world ? 0.5 : 0.62));
  const drawn = useMemo(() => {
    const projection = world ? wholeWorld(width, height) : around(spots, width, height);
    const path = geoPath(projection);
    return { projection, land: path(LAND) ?? "", graticule: path(geoGraticule10()) ?? "" };
  }, [spots, width, world]);
  return (
    <svg class="map" width={width} height={height} role="group" aria-label="Map of the events; the list beside it says the same">
      <path class="graticule" d={drawn.graticule} />
      <path class="land" d={drawn.land} />
      {[...spots].reverse().map((spot) => (
        <Point key={spot.key} spot={spot} at={drawn.projection([spot.lon, spot.lat])} picked={picked} onPick={onPick} labelled={spots.length <= 25} />
      ))}
    </svg>
  );
}

interface PointProps {
  spot: Spot;
  at: [number, number] | null;
  picked: string | null;
  labelled: boolean;
  onPick: (key: string | null) => void;
}

function Point({ spot, at, picked, labelled, onPick }: PointProps) {
  if (!at) return null;
  const radius = 4 + Math.min(14, 2 * Math.sqrt(spot.events.length));
  return (
    <g class={picked === spot.key ? "point picked" : "point"} onClick={() => onPick(picked === spot.key ? null : spot.key)}>
      <title>{`${shown(spot.name)}: ${count(spot.events.length, "event")}`}</title>
      <circle cx={at[0]} cy={at[1]} r={radius} />
      {labelled && (
        <text x={at[0] + radius + 3} y={at[1] + 4}>
          {short(shown(spot.name), 28)}
        </text>
      )}
    </g>
  );
}

function wholeWorld(width: number, height: number): GeoProjection {
  return geoEqualEarth().fitExtent([[2, 2], [width - 2, height - 2]], { type: "Sphere" });
}

/** The view that holds all points, turned so that a crowd across the antimeridian stays together. */
function around(spots: readonly Spot[], width: number, height: number): GeoProjection {
  const middle = meanLongitude(spots);
  const frame = spots.flatMap(({ lon, lat }) =>
    [[-LEAST, 0], [LEAST, 0], [0, -LEAST / 2], [0, LEAST / 2]].map(([x, y]) => [lon + x!, Math.max(-89, Math.min(89, lat + y!))]),
  );
  const points = { type: "MultiPoint" as const, coordinates: frame };
  const pad = Math.min(40, width / 12);
  return geoEqualEarth().rotate([-middle, 0]).fitExtent([[pad, pad], [width - pad, height - pad]], points);
}

function meanLongitude(spots: readonly Spot[]): number {
  const radians = spots.map((spot) => (spot.lon * Math.PI) / 180);
  const [x, y] = [radians.reduce((sum, r) => sum + Math.cos(r), 0), radians.reduce((sum, r) => sum + Math.sin(r), 0)];
  return (Math.atan2(y, x) * 180) / Math.PI;
}
