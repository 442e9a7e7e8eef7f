/** What the figures of tests are called, for those that test something else. */
export const text = {
  title: "AUC by epoch",
  alt: "AUC rises from 0.5 to 0.7 in three epochs.",
  x: { title: "epoch" },
  y: { title: "AUC" },
};
