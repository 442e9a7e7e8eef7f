import { describe, expect, onTestFinished, test } from "vitest";
import { avazuFormat, avazuSchema, hourToSeconds } from "../../lib/data/avazu";
import { type TextColumn, textsAt } from "../../lib/data/raw";
import type { SparseRole } from "../../lib/data/schema";
import { readTable } from "../../lib/data/table";
import { temporaryFile } from "../temporary";

describe("Avazu", () => {
  const header =
    "id,click,hour,C1,banner_pos,site_id,site_domain,site_category,app_id,app_domain,app_category,device_id,device_ip,device_model,device_type,device_conn_type,C14,C15,C16,C17,C18,C19,C20,C21";
  const row = (click: number, hour: string) =>
    `1000009418151094273,${click},${hour},1005,0,1fbe01fe,f3845767,28905ebd,ecad2386,7801e8d9,07d7df22,a99f214a,ddd2926e,44956a24,1,2,15706,320,50,1722,0,35,-1,79`;

  test("has its time, hour of the day and weekday", async () => {
    const raw = await readTable(
      temporaryFile("train.csv", [header, row(0, "14102100"), row(1, "14103023")].join("\n")),
      avazuFormat,
      avazuSchema(),
    );
    expect(Array.from(raw.times!)).toEqual([Date.UTC(2014, 9, 21) / 1000, Date.UTC(2014, 9, 30, 23) / 1000]);
    expect([textsAt(raw.columns.hourOfDay as TextColumn, 1), textsAt(raw.columns.weekday as TextColumn, 0)]).toEqual([
      ["23"],
      ["2"],
    ]); // a Tuesday
    expect(Object.keys(raw.columns).length).toBe(23);
  });

  test("is in UTC wherever it is read: late on a Tuesday in New York is Wednesday there", () => {
    const zone = process.env.TZ;
    onTestFinished(() => void (zone === undefined ? delete process.env.TZ : (process.env.TZ = zone)));
    process.env.TZ = "America/New_York";
    expect(new Date(0).getHours()).toBe(19); // the zone is in use
    const { weekday, hourOfDay } = avazuSchema() as Record<string, SparseRole>;
    expect([weekday, hourOfDay].map(({ read }) => read!("14102202"))).toEqual(["3", "2"]);
    expect(hourToSeconds("14102202")).toBe(Date.UTC(2014, 9, 22, 2) / 1000);
  });

  test("passes its options on to all columns", () => {
    for (const options of [{ minCount: 3 }, { hashBuckets: 50 }]) {
      const { weekday, hourOfDay, C21 } = avazuSchema(options);
      for (const column of [weekday, hourOfDay, C21]) expect(column).toMatchObject(options);
    }
  });

  test("refuses hours that do not exist", () => {
    for (const text of ["", "14103100x", "14133100", "14022900", "14102124", "141021"])
      expect(() => hourToSeconds(text)).toThrow("expected YYMMDDHH");
  });
});
