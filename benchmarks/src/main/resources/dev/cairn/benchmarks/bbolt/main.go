// The work of BboltWork on bbolt itself, with its defaults: each commit is
// synced. Workload.java says what the keys and values are.
//
//	main FILE KEYS VALUE_BYTES write|read|hash
package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"log"
	"os"
	"strconv"
	"time"

	bolt "go.etcd.io/bbolt"
)

const (
	batchKeys     = 1000
	singlesMax    = 1000
	warmUpKeysMax = 100000
	warmUps       = 3
	warmUpScans   = 10
	scans         = 3

	putBatches    = 1
	putSingles    = 2
	deleteBatches = 3
	deleteSingles = 4
	gets          = 5

	deleted = -1
)

var bucketName = []byte("work")

type workload struct {
	keys       uint64
	valueBytes int
}

type meter struct {
	operation  string
	elapsed    time.Duration
	operations int
}

func (m *meter) measure(work func() int) *meter {
	from := time.Now()
	m.operations += work()
	m.elapsed += time.Since(from)
	return m
}

func (m *meter) print() {
	fmt.Printf("{\"op\":%q,\"seconds\":%.6f,\"operations\":%d}\n", m.operation, m.elapsed.Seconds(), m.operations)
}

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: FILE KEYS VALUE_BYTES write|read|hash")
	}
	file, what := os.Args[1], os.Args[4]
	keys, err := strconv.ParseUint(os.Args[2], 10, 63)
	check(err)
	valueBytes, err := strconv.Atoi(os.Args[3])
	check(err)
	work := workload{keys, valueBytes}
	switch what {
	case "write":
		warm := work
		warm.keys = min(warm.keys, warmUpKeysMax)
		scratch := file + ".warm-up"
		for i := 0; i < warmUps; i++ {
			warm.write(scratch)
			check(os.Remove(scratch))
		}
		for _, m := range work.write(file) {
			m.print()
		}
	case "read":
		work.read(file)
	case "hash":
	default:
		log.Fatal("cannot ", what)
	}
	db := open(file)
	defer db.Close()
	fmt.Printf("{\"op\":\"content\",\"hash\":\"v1:%x\"}\n", contentHash(db))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func open(file string) *bolt.DB {
	db, err := bolt.Open(file, 0600, &bolt.Options{Timeout: 10 * time.Second})
	check(err)
	return db
}

func mix(x uint64) uint64 {
	z := (x ^ x>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (w workload) pick(stream int, index uint64) uint64 {
	return mix(uint64(stream)<<40+index) % w.keys
}

func (w workload) key(number uint64) []byte {
	key := make([]byte, 16)
	binary.BigEndian.PutUint64(key, number)
	binary.BigEndian.PutUint64(key[8:], number)
	return key
}

func (w workload) value(number uint64, round int) []byte {
	value := make([]byte, w.valueBytes)
	seed := mix(number) + uint64(round)
	at := 0
	for ; at+8 <= len(value); at += 8 {
		binary.LittleEndian.PutUint64(value[at:], mix(seed))
		seed++
	}
	for rest := mix(seed); at < len(value); at++ {
		value[at] = byte(rest)
		rest >>= 8
	}
	return value
}

func (w workload) write(file string) []*meter {
	db := open(file)
	defer db.Close()
	check(db.Update(func(tx *bolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(bucketName)
		return err
	}))
	batches := int(max(1, w.keys/(10*batchKeys)))
	singles := int(min(singlesMax, w.keys/10))
	return []*meter{
		w.rising(db),
		w.picked(db, "put1000random", putBatches, batches, batchKeys, 1),
		w.picked(db, "put1", putSingles, singles, 1, 2),
		w.picked(db, "delete1000", deleteBatches, batches, batchKeys, deleted),
		w.picked(db, "delete1", deleteSingles, singles, 1, deleted),
	}
}

func (w workload) rising(db *bolt.DB) *meter {
	m := &meter{operation: "put1000"}
	for from := uint64(0); from < w.keys; from += batchKeys {
		var numbers []uint64
		for i := from; i < min(from+batchKeys, w.keys); i++ {
			numbers = append(numbers, i)
		}
		w.commit(db, m, numbers, 0)
	}
	return m
}

func (w workload) picked(db *bolt.DB, operation string, stream, batches, size, round int) *meter {
	m := &meter{operation: operation}
	for batch := 0; batch < batches; batch++ {
		numbers := make([]uint64, size)
		for i := range numbers {
			numbers[i] = w.pick(stream, uint64(batch*size+i))
		}
		w.commit(db, m, numbers, round)
	}
	return m
}

func (w workload) commit(db *bolt.DB, m *meter, numbers []uint64, round int) {
	keys := make([][]byte, len(numbers))
	values := make([][]byte, len(numbers))
	for i, number := range numbers {
		keys[i] = w.key(number)
		if round != deleted {
			values[i] = w.value(number, round)
		}
	}
	m.measure(func() int {
		check(db.Update(func(tx *bolt.Tx) error {
			bucket := tx.Bucket(bucketName)
			for i, key := range keys {
				var err error
				if round == deleted {
					err = bucket.Delete(key)
				} else {
					err = bucket.Put(key, values[i])
				}
				if err != nil {
					return err
				}
			}
			return nil
		}))
		return len(keys)
	})
}

func (w workload) read(file string) {
	db := open(file)
	defer db.Close()
	check(db.View(func(tx *bolt.Tx) error {
		bucket := tx.Bucket(bucketName)
		var sum int64
		scan := func() (entries int) {
			cursor := bucket.Cursor()
			for key, value := cursor.First(); key != nil; key, value = cursor.Next() {
				sum += int64(len(key)+len(value)) + int64(int8(value[len(value)-1]))
				entries++
			}
			return entries
		}
		get := func() int {
			for i := uint64(0); i < w.keys; i++ {
				if value := bucket.Get(w.key(w.pick(gets, i))); value != nil {
					sum += int64(len(value)) + int64(int8(value[len(value)-1]))
				}
			}
			return int(w.keys)
		}
		(&meter{operation: "scanCold"}).measure(scan).print()
		repeat(&meter{}, scan, warmUpScans)
		repeat(&meter{operation: "scan"}, scan, scans).print()
		get()
		(&meter{operation: "get"}).measure(get).print()
		fmt.Printf("{\"op\":\"seen\",\"sum\":%d}\n", sum)
		return nil
	}))
}

func repeat(m *meter, work func() int, times int) *meter {
	for i := 0; i < times; i++ {
		m.measure(work)
	}
	return m
}

// The framed hash that dev.cairn.spi.ContentHash describes.
func contentHash(db *bolt.DB) []byte {
	digest := sha256.New()
	check(db.View(func(tx *bolt.Tx) error {
		return tx.ForEach(func(name []byte, bucket *bolt.Bucket) error {
			digest.Write([]byte{1})
			field(digest, name)
			return bucket.ForEach(func(key, value []byte) error {
				digest.Write([]byte{2})
				field(digest, key)
				field(digest, value)
				return nil
			})
		})
	}))
	return digest.Sum(nil)
}

func field(digest hash.Hash, bytes []byte) {
	var length [4]byte
	binary.BigEndian.PutUint32(length[:], uint32(len(bytes)))
	digest.Write(length[:])
	digest.Write(bytes)
}
