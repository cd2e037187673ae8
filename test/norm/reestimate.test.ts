import { suite } from "./suite";

suite("reestimate");
