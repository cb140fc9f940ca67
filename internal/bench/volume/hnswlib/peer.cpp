// hnswlib beside package hnsw: it builds, saves and measures one index by commands on standard input, each answered by one line.
//
//	build FILE DIM BASE QUERIES M EFC SEED INDEX   FILE has BASE then QUERIES vectors of DIM float32; loads INDEX if it is there, else makes it
//	time EF K ROUNDS                               → ns per query in the best round, ns of the 95th percentile of all, then the K labels of each query
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <time.h>

#include <hnswlib/hnswlib.h>

// CPU time of this thread: what else runs on the machine is not counted.
static double now() {
	timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

int main() {
	std::vector<float> data;
	std::unique_ptr<hnswlib::InnerProductSpace> space;
	std::unique_ptr<hnswlib::HierarchicalNSW<float>> index;
	size_t dim = 0, base = 0, queries = 0;
	std::string command;
	while (std::cin >> command) {
		if (command == "build") {
			std::string file, saved;
			size_t m, efc, seed;
			std::cin >> file >> dim >> base >> queries >> m >> efc >> seed >> saved;
			data.resize((base + queries) * dim);
			std::ifstream in(file, std::ios::binary);
			if (!in.read(reinterpret_cast<char *>(data.data()), data.size() * sizeof(float))) {
				std::cerr << "can't read " << file << "\n";
				return 1;
			}
			space.reset(new hnswlib::InnerProductSpace(dim));
			double begin = now();
			if (std::ifstream(saved).good()) {
				index.reset(new hnswlib::HierarchicalNSW<float>(space.get(), saved));
			} else {
				index.reset(new hnswlib::HierarchicalNSW<float>(space.get(), base, m, efc, seed));
				for (size_t i = 0; i < base; i++) index->addPoint(&data[i * dim], i);
				index->saveIndex(saved);
			}
			std::cout << (now() - begin) / 1e9 << std::endl;
		} else if (command == "time") {
			size_t ef, k, rounds;
			std::cin >> ef >> k >> rounds;
			index->setEf(ef);
			std::vector<size_t> found(queries * k);
			std::vector<double> totals, each;
			for (size_t r = 0; r < rounds; r++) {
				double begin = now();
				for (size_t i = 0; i < queries; i++) {
					auto hits = index->searchKnn(&data[(base + i) * dim], k);
					for (size_t j = 0; !hits.empty(); j++, hits.pop()) found[i * k + j] = hits.top().second;
				}
				totals.push_back((now() - begin) / queries);
			}
			for (size_t i = 0; i < queries; i++) {
				double begin = now();
				index->searchKnn(&data[(base + i) * dim], k);
				each.push_back(now() - begin);
			}
			std::sort(totals.begin(), totals.end());
			std::sort(each.begin(), each.end());
			std::cout.precision(12);
			std::cout << totals[0] << " " << each[each.size() * 95 / 100];
			for (size_t id : found) std::cout << " " << id;
			std::cout << std::endl;
		} else {
			std::cerr << "unknown command " << command << "\n";
			return 1;
		}
	}
}
