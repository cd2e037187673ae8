import { suite } from "./suite";

suite("layerNorm");
