const COLOURS = [
  "Amber", "Azure", "Coral", "Copper", "Crimson", "Emerald", "Golden", "Hazel", "Indigo", "Ivory", "Jade",
  "Lilac", "Mint", "Ochre", "Olive", "Pearl", "Plum", "Rose", "Ruby", "Saffron", "Sage", "Scarlet", "Silver",
  "Teal", "Umber", "Velvet", "Violet", "Walnut", "Willow", "Winter", "Honey", "Cobalt",
];
const ANIMALS = [
  "Badger", "Bee", "Crane", "Deer", "Dolphin", "Falcon", "Finch", "Fox", "Gecko", "Hare", "Heron", "Ibis",
  "Jay", "Kestrel", "Koala", "Lark", "Lynx", "Magpie", "Marten", "Moth", "Newt", "Orca", "Otter", "Owl",
  "Panda", "Puffin", "Raven", "Robin", "Seal", "Swift", "Tiger", "Wren",
];

/** A friendly name for somebody who has not told theirs; the same for the same id, always. */
export function placeholderName(id: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  const colour = COLOURS[(hash >>> 5) & 31] ?? "Silver";
  return `${colour} ${ANIMALS[hash & 31] ?? "Fox"}`;
}
