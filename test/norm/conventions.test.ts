import { suite } from "./suite";

suite("fromTorch", "toTorch", "fromKeras", "toKeras", "toChannelsFirst", "toChannelsLast");
