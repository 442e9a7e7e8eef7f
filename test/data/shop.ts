/** A small table of a shop for the tests of what becomes of tables. */
import { dense, label, type Schema, sequence, sparse, time, user } from "../../lib/data/schema";
import { readTable } from "../../lib/data/table";
import { temporaryFile } from "../temporary";

/** What is read from a file of that content. */
export const table = (content: string, schema: Schema) => readTable(temporaryFile("table.csv", content), {}, schema);

/** A schema with every kind of role but weights. */
export const shop: Schema = {
  shop: sparse(),
  item: sparse(),
  clicked: sequence({ maxLength: 2, vocabulary: "item", separator: " " }),
  price: dense(),
  click: label(),
  who: user(),
  when: time(),
};

export const shopTable = `who,when,shop,item,clicked,price,click
ann,100,x,apple,,1,0
bob,101,x,pear,apple fig plum,3,1
ann,102,y,apple,pear,,0
eve,103,z,kiwi,apple kiwi,100,1
`;
