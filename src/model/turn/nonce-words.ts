// The 256 words of nonces: short, distinct, harmless; their order is part of the format.

export const NONCE_WORDS: readonly string[] = (
  "acorn agave alder algae almond alpine amber ample anchor anise apple apron arbor arena aspen " +
  "aster atlas autumn avocado azure bagel bamboo banjo barley basil beach beacon bead bean beech " +
  "berry birch bishop bison blanket blossom bonnet bough boulder bowl braid branch brass breeze " +
  "brick brook broom brush bucket buffalo bugle butter cabin cactus camel canal candle canoe " +
  "canvas canyon caramel carpet carrot castle cedar cello chalk cherry chess chime cider cinema " +
  "citrus clay cliff clover cobalt cocoa comet copper coral cork cotton cradle crane crater creek " +
  "cricket crimson crocus crown crystal cumin curtain cypress daisy dahlia desert dolphin donkey " +
  "dove dragon drum dune eagle easel ebony echo elbow elder ember emerald fable falcon farm " +
  "feather fennel fern ferry fiddle finch fjord flame flask flint flora flute foam forest fossil " +
  "frost galaxy garden garlic garnet gazelle geyser ginger glacier glade globe goose granite grape " +
  "grass grove guitar gull hammer harbor harp harvest hazel heather hedge heron hickory hill honey " +
  "horizon hornet icicle indigo iris island ivory jacket jaguar jasmine jelly jersey jungle " +
  "juniper kayak kettle kiwi koala ladder lagoon lake lamp lantern larch lark laurel lava lemon " +
  "leopard lettuce lilac lily lime linen lizard llama lobster lotus lynx magnet mango maple marble " +
  "marsh meadow melon mesa meteor mint mirror mosaic moss nectar needle nest nickel nutmeg oasis " +
  "ocean olive onion onyx opal orbit orchid otter paddle palm panda papaya parrot peach pearl " +
  "pebble pepper piano pine planet plum pollen poppy prairie prism pumpkin quartz quill rabbit " +
  "raven reef river robin rocket saffron sail sandal satin zebra"
).split(" ");
