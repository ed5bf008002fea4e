// What a front end does with the types; tsc --strict has to agree.
import type { ChangedMutationVariables, HomeQuery, HomeQueryVariables } from "./types";

export const asked: HomeQueryVariables = {
  person: "ann",
  where: { price: { gte: 10, lt: 100 }, not: { city: { eq: "上海" } } },
};

export const told: ChangedMutationVariables = {
  items: [{ key: "j1", title: "jeans", category: "jeans", price: 100 }],
  gone: [],
};

// @ts-expect-error - an item has a title
export const untitled: ChangedMutationVariables["items"] = [{ key: "j1", category: "jeans" }];

// @ts-expect-error - prices are numbers
export const wrong: HomeQueryVariables = { where: { price: { gte: "10" } } };

export function cards(page: HomeQuery): string[] {
  return page.recommend.edges.map(({ node }) => {
    const brand: string = node.item.brand?.key ?? "none";
    return `${node.item.title} (${brand}): ${node.item.price?.toFixed(2) ?? "?"}`;
  });
}
