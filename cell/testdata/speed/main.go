package main

import "fmt"

func main() {
	for _, p := range programs {
		fmt.Printf("%s=%d\n", p.name, best(p.run).Nanoseconds())
	}
}
